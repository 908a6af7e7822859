/**
 * A process that registers, updates and removes terminals as fast as it can and tells on standard output what was
 * acknowledged, until it is killed: `<terminal> <version>` a line. Arguments: data folder, first version.
 */
import { writeSync } from 'node:fs';
import { Storage } from '../storage.ts';
import { actionOf, checkedTerminals, recordOf, registrationOf } from './checked-workload.ts';

const [folder, firstVersion] = process.argv.slice(2);
const storage = Storage.open({ folder: folder!, checkpointAfterChanges: 200 });
/** What the process before left behind, by endpoint name: replaced by the first Register. */
const left = new Map([...(await storage.registrations.load()).registrations].map(({ endpoint, id }) => [endpoint, id]));

async function live(terminal: number): Promise<never> {
  for (let version = Number(firstVersion); ; version++) {
    await act(terminal, version);
    tell(`${terminal} ${version}\n`);
  }
}

/** Writes at once: what is buffered would be lost with the process. */
function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error; // the reader is behind
    }
  }
}

async function act(terminal: number, version: number): Promise<void> {
  const { registrations, devices } = storage;
  const registration = registrationOf(terminal, version);
  const replacedId = left.get(registration.endpoint) ?? registrationOf(terminal, version - 1).id;
  left.delete(registration.endpoint);
  switch (actionOf(version)) {
    case 'register':
      await Promise.all([
        registrations.register(registration, replacedId),
        devices.recordRegistration(recordOf(terminal, version)),
      ]);
      return;
    case 'update':
      return registrations.update(registration);
    case 'remove':
      return registrations.remove(registration.id);
  }
}

await Promise.all(Array.from({ length: checkedTerminals }, (_, terminal) => live(terminal)));
