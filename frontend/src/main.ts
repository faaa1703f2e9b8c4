import { mount } from "svelte";
import { connect } from "./messenger";
import App from "./ui/App.svelte";
import { language } from "./ui/i18n";
import "./ui/looks/index.css";
import { preferences } from "./ui/preferences.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no place for the application");

preferences.dress();
await language.start();
mount(App, { target, props: { connect } });
