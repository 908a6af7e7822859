import { milliseconds } from '@yaolian/kernel';
import {
  coapFetcher,
  device,
  FirmwareUpdate,
  MemoryPackageStore,
  type PackageFetchers,
  type PackageProblem,
  plainConnector,
} from '@yaolian/lwm2m/client';
import { nodeClock, nodeTimers } from '@yaolian/node-runtime';
import { openTerminal, type TestTerminal, type TestTerminalOptions } from './terminal.ts';

export interface FirmwareTerminalOptions extends TestTerminalOptions {
  /** What it says of every package. */
  readonly trouble?: PackageProblem;
  /** How it pulls packages. Default: by coap over its own endpoint. */
  readonly fetchers?: PackageFetchers;
  /** The version that it has once a package is installed. */
  readonly becomes: string;
  /** Called before a package is installed; it is when the promise resolves. */
  readonly mayInstall?: () => Promise<void>;
}

export interface FirmwareTerminal extends TestTerminal {
  readonly firmware: FirmwareUpdate;
  /** The packages that it installed. */
  readonly installed: readonly Uint8Array[];
}

/** A terminal with object 5 that has firmware 1.0. Not started. */
export async function openFirmwareTerminal(options: FirmwareTerminalOptions): Promise<FirmwareTerminal> {
  const { trouble, becomes, mayInstall, fetchers, ...rest } = options;
  const facts = device({ manufacturer: 'Yaolian', modelNumber: 'Test', serialNumber: '1', firmwareVersion: '1.0' });
  const terminal = await openTerminal({ objects: [facts], ...rest });
  const packages = new MemoryPackageStore(trouble === undefined ? {} : { verify: () => trouble });
  const installed: Uint8Array[] = [];
  const firmware = new FirmwareUpdate({
    store: packages,
    fetchers: fetchers ?? { coap: coapFetcher(plainConnector(terminal.transport)) },
    clock: nodeClock,
    timers: nodeTimers,
    resumptions: 1,
    resumeAfter: milliseconds(1),
    installer: {
      async install() {
        installed.push(packages.bytes);
        await mayInstall?.();
        facts.set('firmwareVersion', becomes);
        return 'installed';
      },
    },
  });
  terminal.client.add(firmware.instance);
  return { ...terminal, firmware, installed, [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose]() };
}
