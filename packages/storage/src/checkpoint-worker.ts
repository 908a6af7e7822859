import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { checkpoint } from './checkpoint.ts';

// Runs in a thread of its own: a checkpoint waits for the disk twice and copies megabytes.
const database = new DatabaseSync((workerData as { readonly file: string }).file, { timeout: 1000 });
database.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL');
parentPort!.on('message', () => parentPort!.postMessage(checkpoint(database)));
