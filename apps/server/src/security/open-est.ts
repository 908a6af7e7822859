import { join } from 'node:path';
import type { Clock } from '@yaolian/kernel';
import { openTerminalAuthority } from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { EstService, type EstServiceOptions } from './est-service.ts';

type EstParts = Omit<EstServiceOptions, 'authority'> & {
  readonly config: Config;
  readonly clock: Clock;
  readonly dataFolder: string;
};

/** Certificates for terminals, of an authority that this platform makes for itself. */
export async function openEst({ config, clock, dataFolder, ...parts }: EstParts): Promise<EstService> {
  const folder = join(dataFolder, 'tls', 'terminals');
  const authority = await openTerminalAuthority({ folder, clock, validity: config['coap.est-validity'] });
  return new EstService({ ...parts, authority });
}
