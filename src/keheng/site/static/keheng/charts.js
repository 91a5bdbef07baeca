/* Draws every figure of the page from the values beside it; the table behind it stays. */
"use strict";
(() => {
  const figures = [...document.querySelectorAll("[data-chart]")].filter((one) => document.getElementById(one.dataset.chart));
  if (!figures.length || !window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const number = new Intl.NumberFormat(document.documentElement.lang || "zh-Hans");
  const short = (value) => (Math.abs(value) >= 10000 && document.documentElement.lang.startsWith("zh") ? `${number.format(value / 10000)} 万` : number.format(value));

  const look = () => ({
    color: ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"].map(token),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink") },
    animation: !still,
    animationDuration: 400,
    aria: { enabled: false },
  });
  const axis = () => ({ axisLine: { lineStyle: { color: token("--line") } }, axisTick: { show: false }, axisLabel: { color: token("--muted") } });
  const tip = (unit) => ({
    renderMode: "richText",
    confine: true,
    backgroundColor: token("--paper"),
    borderColor: token("--line"),
    textStyle: { color: token("--ink") },
    valueFormatter: (value) => (value === null || value === undefined ? "—" : `${number.format(value)} ${unit}`),
  });

  function pie(data) {
    const parts = data.categories.map((name, place) => ({ name, value: data.series[0].values[place] }));
    return {
      ...look(),
      tooltip: { trigger: "item", ...tip(data.unit) },
      legend: { bottom: 0, textStyle: { color: token("--ink") }, itemWidth: 12, itemHeight: 12 },
      series: [{ type: "pie", radius: ["46%", "70%"], center: ["50%", "44%"], data: parts, label: { color: token("--ink"), formatter: "{b} {d}%" }, itemStyle: { borderColor: token("--paper"), borderWidth: 2 } }],
    };
  }

  function plot(data) {
    const rows = data.kind === "rows";
    const names = { type: "category", data: data.categories, ...axis(), inverse: rows };
    if (rows) names.axisLabel = { ...names.axisLabel, interval: 0 };
    const values = { type: "value", ...axis(), splitLine: { lineStyle: { color: token("--line"), type: "dashed" } }, axisLabel: { color: token("--muted"), formatter: short } };
    const goal = data.target === null ? undefined : { symbol: "none", silent: true, lineStyle: { color: token("--warn"), type: "dashed" }, label: { color: token("--warn"), formatter: data.target_name || "{c}", position: rows ? "end" : "insideEndTop" }, data: [rows ? { xAxis: data.target } : { yAxis: data.target }] };
    const series = data.series.map((one, place) => ({
      name: one.name,
      type: data.kind === "line" ? "line" : "bar",
      data: one.values,
      barMaxWidth: 28,
      smooth: 0.2,
      symbolSize: 6,
      lineStyle: { width: 2.5 },
      areaStyle: data.kind === "line" && data.series.length === 1 ? { opacity: 0.08 } : undefined,
      itemStyle: data.kind === "line" ? undefined : { borderRadius: rows ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      markLine: place === 0 ? goal : undefined,
    }));
    return {
      ...look(),
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
      legend: data.series.length > 1 ? { top: 0, textStyle: { color: token("--ink") }, itemWidth: 14, itemHeight: 10 } : undefined,
      tooltip: { trigger: "axis", ...tip(data.unit) },
      xAxis: rows ? values : names,
      yAxis: rows ? names : values,
      series,
    };
  }

  function draw(figure) {
    const place = figure.querySelector(".k-figure__drawing");
    const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    figure.classList.add("k-figure--drawn");
    // Every name of a row is readable, however many rows there are.
    if (data.kind === "rows") place.style.blockSize = `${Math.max(280, data.categories.length * (10 + 14 * data.series.length) + 60)}px`;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(data.kind === "pie" ? pie(data) : plot(data));
    new ResizeObserver(() => chart.resize()).observe(place);
    return () => chart.setOption(data.kind === "pie" ? pie(data) : plot(data), true);
  }

  const again = figures.map(draw);
  const redraw = () => again.forEach((one) => one());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.addEventListener("keheng:look", redraw);
})();
