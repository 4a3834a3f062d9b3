// Toasts, alert boxes, and the full-size photo.

import { find, make } from "./dom.js";

export function toast(text) {
  const node = make("p", { class: "toast" }, text);
  find("toasts").append(node);
  setTimeout(() => node.remove(), 2500 + text.length * 60);
}

export function alertBox(text) {
  find("alert-text").textContent = text;
  find("alert").showModal();
}

export function showPicture(source, alt) {
  const dialog = find("picture");
  const image = dialog.querySelector("img");
  image.src = source;
  image.alt = alt;
  dialog.showModal();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("已复制");
  } catch {
    alertBox(text);
  }
}

// A click outside a dialog closes it, like Escape.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
