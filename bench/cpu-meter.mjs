// Loaded into a server before anything else (`node --import`): tells its parent over IPC how much CPU time the process
// has used so far, user and system, all threads, in microseconds. Ends with its parent.
process.on('message', (question) => {
  if (question === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send(user + system);
  }
});
process.on('disconnect', () => process.exit());
