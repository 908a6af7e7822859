/**
 * CoAP CON GET /time: our server over both adapters, libcoap's, and what an echo costs in C and over bare node:dgram.
 * `node bench/coap-get.ts [--rounds 5] [--seconds 2] [--json]`
 */
import { coapTime, libcoapTime } from './support/coap-servers.ts';
import { contest, contestOptions, report, standingOf } from './support/contest.ts';
import { cEcho, dgramEcho } from './support/echo-servers.ts';

const options = contestOptions();
const [batched, portable, libcoap] = [coapTime('batched'), coapTime('portable'), libcoapTime()];
const standings = await contest([cEcho, dgramEcho, batched, portable, libcoap], options);
const of = (contender: { readonly name: string }) => standingOf(standings, contender.name);
const perMessage = of(batched).cpuUsPerMessage;
report(
  'CoAP CON GET /time',
  standings,
  [
    { name: 'batched: at most 5 us of CPU a message', met: perMessage <= 5 },
    { name: 'batched: at most twice the echo in C', met: perMessage <= 2 * of(cEcho).cpuUsPerMessage },
    {
      name: 'batched: ahead of libcoap, in rate and CPU',
      met: perMessage < of(libcoap).cpuUsPerMessage && of(batched).rate > of(libcoap).rate,
    },
    { name: 'portable: at least 0.55 x the rate of bare dgram', met: of(portable).rate >= 0.55 * of(dgramEcho).rate },
  ],
  options,
);
