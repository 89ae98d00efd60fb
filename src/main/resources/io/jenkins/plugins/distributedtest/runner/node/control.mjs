// Thread of the node runner that holds the control connection.
//
// It is a thread of its own since test code may block the main one for ever: even then the end of the connection,
// which means that the listener is gone, must end this process and all that came from it.
import { connect } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { port, token, slot, marker, flushed } = workerData;
const socket = connect({ host: '127.0.0.1', port, noDelay: true });
socket.setNoDelay(true);
socket.setEncoding('utf8');
socket.write(JSON.stringify({ hello: token, role: 'worker', slot, pid: process.pid }) + '\n');

let buffered = '';
socket.on('data', (text) => {
  buffered += text;
  for (let end = buffered.indexOf('\n'); end >= 0; end = buffered.indexOf('\n')) {
    parentPort.postMessage(JSON.parse(buffered.slice(0, end)));
    buffered = buffered.slice(end + 1);
  }
});
socket.on('error', leave);
socket.on('close', leave);

// What the main thread wants said; with `flush` it waits until the line is on its way.
parentPort.on('message', ({ line, flush }) => {
  socket.write(line, () => {
    if (flush) {
      Atomics.store(flushed, 0, 1);
      Atomics.notify(flushed, 0);
    }
  });
});

function leave() {
  for (const pid of marked()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      continue; // it ended meanwhile
    }
  }
  process.kill(process.pid, 'SIGKILL');
}

// Processes that hold this tree's marker, where the platform shows environments.
function marked() {
  const pids = [];
  const wanted = `DISTRIBUTED_TEST_MARKER=${marker}`;
  let entries = [];
  try {
    entries = readdirSync('/proc');
  } catch {
    return pids;
  }
  for (const entry of entries) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) {
      continue;
    }
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(wanted)) {
        pids.push(pid);
      }
    } catch {
      continue; // another user's, or gone
    }
  }
  return pids;
}
