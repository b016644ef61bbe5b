// A guide to click through: questions about a problem, a model with its solver and its proof, what the gap says, and at the end what to change.
import { button, frame } from "./core.js";

// Where a list of answers leads in the tree; an answer that is not offered stops there.
export function walk(tree, answers) {
  let at = tree.start; const seen = [at];
  for (const answer of answers) {
    const next = tree.nodes[at].answers?.find(a => a[0] === answer);
    if (!next) break;
    at = next[1]; seen.push(at);
  }
  return seen;
}

export const leaves = tree => Object.keys(tree.nodes).filter(name => !tree.nodes[name].answers);

const piece = (tag, text, style = "") => { const e = document.createElement(tag); e.textContent = text; e.style.cssText = style; return e; };

export function mount(root, s) {
  const ui = frame(root, s), { tree } = s, state = ui.keep({ answers: v => Array.isArray(v) ? v.slice(0, walk(tree, v).length - 1) : undefined });
  const back = button(ui, "← one back", () => { state.answers.pop(); focus = true; }), again = button(ui, "from the beginning", () => { state.answers = []; focus = true; });
  const trail = piece("ol", "", "margin:0 0 10px;padding-left:1.4em"), card = piece("div", "", "flex:1;min-width:240px");
  trail.setAttribute("aria-label", "answers so far"); ui.views.append(card); ui.box.insertBefore(trail, ui.views);
  ui.views.style.minHeight = "190px"; ui.views.style.alignItems = "flex-start";
  // what is said to screen readers can be seen in the card
  ui.box.querySelector(".says")?.setAttribute("style", "position:absolute;width:1px;height:1px;min-height:0;margin:0;overflow:hidden;clip-path:inset(50%)");
  let drawn = null, focus = false;

  ui.onDraw(() => {
    const key = state.answers.join("|"); if (key === drawn) return; drawn = key;
    const seen = walk(tree, state.answers), name = seen[seen.length - 1], node = tree.nodes[name];
    back.disabled = again.disabled = state.answers.length === 0;
    for (const b of [back, again]) b.style.opacity = b.disabled ? "0.45" : "1";
    trail.replaceChildren(...state.answers.map((answer, k) => piece("li", `${tree.nodes[seen[k]].question} ${answer}.`)));
    card.replaceChildren();
    if (node.model || node.change) {
      card.append(piece("p", node.model ?? `Change: ${node.change[0].toLowerCase()}${node.change.slice(1)}.`, "font-size:17px;margin:0 0 8px"));
      const list = piece("dl", "", "margin:0 0 14px;display:grid;grid-template-columns:max-content 1fr;gap:4px 14px;max-width:56em");
      for (const [term, text] of [["convex?", node.convex], ["here", node.solver], ["elsewhere", node.library], ["proof", node.proof], ["watch", node.watch], ["how", node.how], ["lesson", node.lesson]])
        if (text) list.append(piece("dt", term, "color:var(--lx-faint);margin:0;float:none;width:auto;font-weight:400"), piece("dd", text, "margin:0;float:none;width:auto"));
      card.append(list);
    }
    if (node.answers) {
      card.append(piece("p", node.question, "font-size:17px;margin:0 0 4px"), piece("p", node.why, "margin:0 0 12px;max-width:44em"));
      const row = piece("div", "", "display:flex;gap:8px;flex-wrap:wrap"), kept = ui.controls; card.append(row); ui.controls = row;
      const buttons = node.answers.map(([answer]) => button(ui, answer, () => { state.answers.push(answer); focus = true; })); ui.controls = kept;
      if (focus) buttons[0].focus({ preventScroll: true });
      ui.say(`${node.model ? `${node.model}. ${node.proof} ` : ""}${node.question} ${node.answers.length} answers.`);
    } else {
      if (focus) back.focus({ preventScroll: true });
      ui.say(`Change: ${node.change}. ${node.how}`);
    }
    focus = false;
  });
}
