import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { killGroup } from './kill-group.ts';

// The thread of preload-main.ts: nothing is ever written to the pipe, so an end is the end of the server.
const lifeline = new Socket({ fd: workerData as number, readable: true, writable: false });
lifeline.on('error', killGroup);
lifeline.on('close', killGroup);
lifeline.resume();
