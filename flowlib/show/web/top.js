// "Run everything" leaves a reader at the end of the page. This takes them back to its beginning.
function render({ el }) {
  el.style.display = "none";
  const back = () => {
    const page = el.closest(".jp-WindowedPanel-outer");
    if (page) page.scrollTop = 0;
  };
  const timers = [150, 500, 1000].map((wait) => setTimeout(back, wait));
  return () => timers.forEach(clearTimeout);
}
export default { render };
