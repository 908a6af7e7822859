/** LwM2M over MQTT (OMA-TS-LightweightM2M_Transport 1.2 §8), over whatever port leads to a broker. */

export { defaultMqttBounds, type MqttBounds } from './carrier.ts';
export {
  createMqttServerEndpoint,
  createMqttTerminalEndpoint,
  type MqttEndpointOptions,
  type MqttServerEndpointOptions,
} from './endpoint.ts';
export * from './message.ts';
export * from './topics.ts';
export * from './uri.ts';
