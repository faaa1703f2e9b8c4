"use strict";

const said = document.querySelector(".said");
let quiet;

function say(text) {
  said.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => (said.textContent = ""), 2500);
}

async function refresh() {
  const answer = await fetch("/codes.json", { cache: "no-store" });
  const live = await answer.json();
  for (const shown of document.querySelectorAll("[data-code]")) {
    const code = live.codes[shown.dataset.code];
    shown.textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
  }
  for (const left of document.querySelectorAll("[data-left]")) left.textContent = `encore ${live.left} s`;
  if (live.mails !== mails && mails !== undefined) location.reload();
  mails = live.mails;
}

let mails;
setInterval(() => refresh().catch(() => say("Le serveur de démonstration est arrêté.")), 1000);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-copy-code]");
  if (!button) return;
  const key = button.dataset.copyCode;
  const text = key ? document.querySelector(`[data-code="${key}"]`).textContent.replace(" ", "") : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    say(`Copié : ${button.dataset.label}`);
  } catch {
    say("La copie est refusée par ce navigateur : sélectionnez le texte.");
  }
});
