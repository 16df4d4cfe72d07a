// "Run everything" leaves a reader at the end of the page. This takes them back to its beginning, unless they have
// begun to read. Where flowlib opened JupyterLab, the reader is at the beginning already, and nothing moves.
function render({ el }) {
  el.style.display = "none";
  const page = el.closest(".jp-WindowedPanel-outer");
  if (!page || document.documentElement.dataset.flowlibCalm) return;
  const last = el.closest(".jp-Cell");
  const atTheEnd = () => last.getBoundingClientRect().top < page.getBoundingClientRect().bottom;
  if (!atTheEnd()) return;
  const timers = [150, 500, 1000].map((wait) => setTimeout(() => (page.scrollTop = 0), wait));
  const leave = () => timers.forEach(clearTimeout);
  const moves = ["wheel", "keydown", "pointerdown", "touchstart"];
  moves.forEach((move) => addEventListener(move, leave, { once: true, passive: true, capture: true }));
  return () => {
    leave();
    moves.forEach((move) => removeEventListener(move, leave, { capture: true }));
  };
}
export default { render };
