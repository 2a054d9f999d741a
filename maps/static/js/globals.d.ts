// What stands on the page beside the modules: Leaflet, and what the modules leave there for others.
declare const L: any;
interface Window { $: any; dateline: any }
// Of newer browsers: see https://tc39.es/proposal-arraybuffer-base64/
interface Uint8ArrayConstructor { fromBase64?: (base64: string) => Uint8Array<ArrayBuffer> }
