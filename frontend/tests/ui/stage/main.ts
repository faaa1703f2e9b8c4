import { mount } from "svelte";
import App from "../../../src/ui/App.svelte";
import { language } from "../../../src/ui/i18n";
import "../../../src/ui/looks/index.css";
import { preferences } from "../../../src/ui/preferences.svelte";
import { stage } from "./script";

/** The screens on a stage: the same application, with a scripted engine and fictional people. */
const target = document.getElementById("app");
if (target === null) throw new Error("the page has no place for the application");

preferences.dress();
const connect = stage(new URLSearchParams(location.search));
void language.start().then(() => mount(App, { target, props: { connect } }));
