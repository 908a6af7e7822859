import type { DeclaredObject } from '@yaolian/lwm2m-objects';
import { Cose, MqttServer } from '@yaolian/lwm2m-objects/core-references';
import { DeclaredInstance } from '../object-instance.ts';
import type { CreatableObject } from '../object-tree.ts';

/**
 * The MQTT Server object (24, LwM2M 1.2): Security object instances with `mqtt://` URIs lead to its instances, which say as whom the
 * terminal connects to their brokers.
 *
 * DEVIATION: the registry lets servers read and write it; here only Bootstrap-Servers do, for passwords are in it.
 */
export function mqttServers(): CreatableObject {
  return byBootstrap(MqttServer);
}

/** The LwM2M COSE object (23, LwM2M 1.2). An account that leads to one of its instances is not used: there is no COSE here. */
export function coseKeys(): CreatableObject {
  return byBootstrap(Cose);
}

function byBootstrap<D extends DeclaredObject>(definition: D): CreatableObject {
  return { definition, by: 'bootstrap', maximumInstances: 16, create: (id) => new DeclaredInstance(definition, id) };
}
