// Runs in the report's page: draws its charts with uPlot and moves its sample grids. Everything else is in the HTML.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const shown = (value) => {
    if (value === null || value === undefined) return '–';
    return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(1) : String(Number(value.toPrecision(4)));
  };

  /** Of a logarithmic axis only the powers of ten, or all where there is not one. */
  const powers = (_, ticks) => (ticks.some(isPower) ? ticks.map((tick) => (isPower(tick) ? tick : null)) : ticks);
  const isPower = (tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9;

  function series({ label, hue, dash, width, points }) {
    return { label, stroke: color(hue), dash, width: width ?? 1.5, points: { show: points === true, size: 5 }, value: (_, value) => shown(value), spanGaps: true };
  }

  function draw(element, chart) {
    element.replaceChildren();
    const axis = { stroke: color('faint'), grid: { stroke: color('line'), width: 1 }, ticks: { stroke: color('line'), width: 1 }, font: '12px system-ui' };
    const options = {
      width: element.clientWidth,
      height: 260,
      scales: { x: { time: false }, y: chart.log ? { distr: 3 } : {} },
      axes: [axis, { ...axis, size: 58, ...(chart.log ? { grid: { ...axis.grid, filter: powers }, filter: powers } : {}), values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : shown(tick))) }],
      cursor: { drag: { x: true, y: false } },
      series: [{ label: 'step' }, ...chart.series.map(series)],
    };
    return new uPlot(options, chart.data, element);
  }

  const charts = [...document.querySelectorAll('[data-chart]')].map((element) => ({ element, chart: data.charts[element.dataset.chart] }));
  const drawAll = () => charts.forEach(({ element, chart }) => draw(element, chart));
  drawAll();
  dark.addEventListener('change', drawAll);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    drawAll();
  });

  for (const section of document.querySelectorAll('[data-films]')) {
    const slider = section.querySelector('input');
    const output = section.querySelector('output');
    const steps = JSON.parse(slider.dataset.steps);
    const frames = [...section.querySelectorAll('[data-frames]')].map((image) => ({ image, frames: data.films[image.dataset.frames] }));
    const show = () => {
      const step = steps[Number(slider.value)];
      output.textContent = `step ${step.toLocaleString('en')}`;
      for (const { image, frames: own } of frames) {
        const frame = own.findLast((one) => one.step <= step) ?? own[0];
        if (frame) image.src = frame.src;
      }
    };
    slider.addEventListener('input', show);
    show();
  }
})();
