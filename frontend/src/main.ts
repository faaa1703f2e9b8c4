import { mount } from "svelte";
import { connect } from "./messenger";
import App from "./ui/App.svelte";
import { language } from "./ui/i18n";
import "./ui/looks/index.css";
import { preferences } from "./ui/preferences.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no place for the application");

preferences.dress();
// Not awaited here: what is fetched imports from this very script, which must have run to its end.
void language.start().then(() => mount(App, { target, props: { connect } }));
