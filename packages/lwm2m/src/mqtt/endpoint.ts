import type { CoapEndpoint, EndpointBounds, RateLimit, TapSlot } from '@yaolian/coap';
import { createCarriedEndpoint } from '@yaolian/coap/messaging';
import {
  type Clock,
  deafMeter,
  type Log,
  type Meter,
  type MeterLabels,
  type MqttPort,
  type Peer,
  type Random,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import { defaultMqttBounds, type MqttBounds, MqttCarrier } from './carrier.ts';
import type { MqttTopics } from './topics.ts';

export interface MqttEndpointOptions {
  /** It is closed with the endpoint. */
  readonly port: MqttPort;
  readonly topics: MqttTopics;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly labels?: MeterLabels;
  /** How much one topic may ask of us. Absent: as much as it likes. */
  readonly rateLimit?: RateLimit;
  readonly bounds?: Partial<EndpointBounds & MqttBounds>;
  /** Where somebody may put a tap: it sees each message as the message of CoAP that says the same. */
  readonly tap?: TapSlot;
}

export interface MqttServerEndpointOptions extends MqttEndpointOptions {
  /**
   * Where the terminal that speaks under a topic is registered; undefined: it is not. Asked at each Update and De-register, which
   * have no other location than their topic.
   */
  readonly locationOf: (peer: Peer) => readonly string[] | undefined;
}

/**
 * The end of servers of LwM2M over MQTT (OMA-TS-LightweightM2M_Transport 1.2 §8): an endpoint like any other, whose peers are
 * topics. The port has to be subscribed to the filters of the topics that it serves.
 */
export function createMqttServerEndpoint(options: MqttServerEndpointOptions): CoapEndpoint {
  return create('server', options, options.locationOf);
}

/** The end of a terminal. The port has to be subscribed to the terminal's topic, which is its peer. */
export function createMqttTerminalEndpoint(options: MqttEndpointOptions): CoapEndpoint {
  return create('terminal', options, () => undefined);
}

function create(
  role: 'server' | 'terminal',
  options: MqttEndpointOptions,
  locationOf: MqttServerEndpointOptions['locationOf'],
): CoapEndpoint {
  const { port, topics, tap = { current: undefined }, rateLimit, ...runtime } = options;
  const { log = silentLog, meter = deafMeter, labels = {} } = options;
  const bounds = { ...defaultMqttBounds, ...options.bounds };
  return createCarriedEndpoint({
    ...runtime,
    // All topics come from one address, which is the broker's.
    ...(rateLimit && { rateLimit: { ...rateLimit, scope: 'peer' } }),
    carrier: (receiver) =>
      new MqttCarrier({ port, topics, role, locationOf, bounds, log, meter, labels, tap }, receiver),
  });
}
