// "Run everything" in JupyterLab scrolls to the last cell at once, and says nothing while cells run.
// Here the reader goes to the top at once and is left alone from then on; a line at the foot says how far it is.
(() => {
  const RUN_ALL = new Set(["notebook:run-all-cells", "notebook:restart-run-all"]);
  const LOOKED_AT = 250; // milliseconds between two looks at how far the page is
  const SEEN = 4000; // milliseconds that the last word stays
  const LOOK = `position: absolute; z-index: 10; bottom: 16px; left: 50%; transform: translateX(-50%); margin: 0;
    padding: 10px 20px; border-radius: 4px; background: #212b32; color: #fff; font: bold 16px/1.4 Arial, sans-serif;
    pointer-events: none;`;

  function toTheTop(notebook) {
    notebook.activeCellIndex = 0;
    notebook.deselectAll();
    notebook.scrollToItem(0, "start", 0); // takes the place of the scrolling to the end, which waits its turn
  }

  function line(panel) {
    panel.node.querySelector(".flowlib-lab-working")?.remove();
    const said = document.createElement("p");
    said.className = "flowlib-lab-working";
    said.setAttribute("role", "status");
    said.style.cssText = LOOK;
    panel.node.append(said);
    return said;
  }

  const waits = (cell) => cell.model.executionState === "running"; // also of those whose turn is to come

  async function saysHowFar(panel, result) {
    const said = line(panel);
    const cells = panel.content.widgets.filter((cell) => cell.model.type === "code");
    const say = (text) => {
      if (said.textContent !== text) said.textContent = text;
    };
    const look = () => {
      const done = cells.filter((cell) => !waits(cell)).length;
      say(`Working: part ${Math.min(done + 1, cells.length)} of ${cells.length}. You can start to read.`);
    };
    look();
    const timer = setInterval(look, LOOKED_AT);
    const went = await result.catch(() => false);
    clearInterval(timer);
    say(went === false ? "One part of this page went wrong. It is marked in red." : "The page is ready.");
    setTimeout(() => said.remove(), SEEN);
  }

  const plugin = {
    id: "flowlib-calm:plugin",
    description: "Leaves the reader at the top of a page that runs, and says how far it is.",
    autoStart: true,
    activate: (app) => {
      document.documentElement.dataset.flowlibCalm = "yes"; // so that the end of a lesson does not scroll as well
      app.commands.commandExecuted.connect((_, { id, result }) => {
        const panel = app.shell.currentWidget;
        if (!RUN_ALL.has(id) || !panel?.content?.widgets?.length) return;
        toTheTop(panel.content);
        saysHowFar(panel, result);
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["flowlib-calm"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
