// Tells a measured process's own peak memory and processor time as it ends.
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`peak-rss-kb ${maxRSS}\nprocessor-ms ${Math.round((userCPUTime + systemCPUTime) / 1000)}\n`);
});
