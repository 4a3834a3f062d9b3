// Runs before the first paint, so that a dark page does not flash white.
const THEMES = ["auto", "light", "dark"];

function currentTheme() {
  const kept = localStorage.getItem("theme");
  return THEMES.includes(kept) ? kept : "auto";
}

function applyTheme(theme) {
  localStorage.setItem("theme", theme);
  document.documentElement.dataset.theme = theme;
}

applyTheme(currentTheme());

addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  const names = { auto: "随系统", light: "浅色", dark: "深色" };
  const label = () => {
    const text = `明暗：${names[currentTheme()]}，按下切换`;
    button.setAttribute("aria-label", text);
    button.title = text;
  };
  button.addEventListener("click", () => {
    applyTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length]);
    label();
  });
  label();
});
