/**
 * LwM2M Register with seven links against the whole platform: every 2.01 is for a registration and a device that are on
 * disk. 64 sockets, 256 requests under way, 100,000 endpoint names in turn; raw UDP echoes as yardsticks.
 * `node bench/lwm2m-register.ts [--rounds 5] [--seconds 2] [--json]`
 */
import { contest, contestOptions, report, standingOf } from './support/contest.ts';
import { cEcho, dgramEcho } from './support/echo-servers.ts';
import { platformRegister } from './support/platform-server.ts';

const options = contestOptions();
const standings = await contest([platformRegister, cEcho, dgramEcho], options);
const register = standingOf(standings, platformRegister.name);
const echo = standingOf(standings, cEcho.name);
report(
  'LwM2M Register',
  standings,
  [
    { name: 'at least 30,000 durable registrations a second', met: register.rate >= 30_000 },
    { name: 'p99 under 50 ms', met: register.p99us < 50_000 },
    { name: 'at most 12 x the CPU of an echo in C', met: register.cpuUsPerMessage <= 12 * echo.cpuUsPerMessage },
  ],
  options,
);
