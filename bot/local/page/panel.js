// The panel behind "more": actions of the program, blocking, faults.

import { get, post } from "./api.js";
import { find, make } from "./dom.js";
import { current, model } from "./model.js";
import { toast } from "./notices.js";

const AMOUNTS = { flood: 3, server_error: 3, lost: 1 };
const NAMES = { flood: "次 429", server_error: "次 502", lost: "次丢失回答" };

export function startPanel(attempt) {
  // On a wide screen the actions are also below the list of chats.
  find("try").hidden = model.actions.length === 0;
  find("try").replaceChildren(...model.actions.map((action) => actionButton(action, attempt)));
  find("more").addEventListener("click", () => {
    drawPanel(attempt);
    find("panel").showModal();
  });
  const block = (blocked) => attempt(() => post(`chats/${model.current}/block`, { blocked, from: current().speaker }));
  find("block").addEventListener("click", async () => {
    await block(!current().blocked);
    find("panel").close();
  });
  find("unblock").addEventListener("click", () => block(false));
  for (const button of find("faults").children) {
    button.addEventListener("click", () => attempt(() => post("faults", chosenFault(button.dataset.fault))));
  }
}

const chosenFault = (name) => (name ? { [name]: AMOUNTS[name] } : {});

function drawPanel(attempt) {
  const group = current().type !== "private";
  const [out, back] = group ? ["把机器人请出群", "请机器人回群"] : ["屏蔽机器人", "解除屏蔽"];
  find("block").textContent = current().blocked ? back : out;
  find("actions").hidden = model.actions.length === 0;
  find("actions").querySelector(".choices").replaceChildren(...model.actions.map((action) => actionButton(action, attempt)));
  drawFaults();
}

function actionButton(action, attempt) {
  const run = async ({ currentTarget }) => {
    currentTarget.disabled = true; // until the action is done, so that a second click does not repeat it
    find("panel").close();
    const done = await attempt(() => post(`actions/${action.id}`));
    if (done?.text) toast(done.text);
    currentTarget.disabled = false;
  };
  return make("button", { type: "button", onclick: run }, action.label);
}

export async function drawFaults() {
  const faults = await get("faults").catch(() => ({}));
  const on = Object.keys(NAMES).filter((name) => faults[name] > 0);
  find("fault-state").textContent = on.length ? `还有 ${on.map((name) => `${faults[name]} ${NAMES[name]}`).join("、")}` : "现在一切正常";
}
