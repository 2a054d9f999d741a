// What stands on the page beside the modules: Leaflet, and what the modules leave there for others.
declare const L: any;
interface Window { $: any; dateline: any }
