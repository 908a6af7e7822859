/**
 * What the adapters of the datagram port cost: each sends datagrams of 60 bytes back, beside an echo in C and one over bare
 * node:dgram. `node bench/udp-echo.ts [--rounds 5] [--seconds 2] [--json]`
 */
import { contest, contestOptions, report, standingOf } from './support/contest.ts';
import { cEcho, dgramEcho, portEcho } from './support/echo-servers.ts';

const options = contestOptions();
const [portable, batched] = [portEcho('portable'), portEcho('batched')];
const standings = await contest([cEcho, dgramEcho, portable, batched], options);
const cpu = (name: string) => standingOf(standings, name).cpuUsPerMessage;
report(
  'UDP echo',
  standings,
  [
    { name: 'batched: at most 1.3 x the CPU of the echo in C', met: cpu(batched.name) <= 1.3 * cpu(cEcho.name) },
    {
      name: 'portable: at most 1.25 x the CPU of bare node:dgram',
      met: cpu(portable.name) <= 1.25 * cpu(dgramEcho.name),
    },
  ],
  options,
);
