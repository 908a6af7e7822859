import { failure, type Result, success } from '@yaolian/kernel';
import { type BootstrapFileObject, encodeBootstrapFile } from '../bootstrap-file.ts';
import type { ObjectModel } from '../model.ts';
import type { ObjectInstanceNode } from '../node.ts';
import { formatPath } from '../path.ts';
import type { BootstrapConfig } from './config.ts';
import { type BootstrapConfigError, planBootstrap } from './plan.ts';

/**
 * A configuration as the content of EF LwM2M_Bootstrap on a smartcard (OMA-TS-LightweightM2M_Core 1.1 §6.1.3.2, appendix G.3): what a
 * Bootstrap-Server would write. Deletes, reads and discovers have no place on a card.
 */
export function encodeCard(config: BootstrapConfig, model: ObjectModel): Result<Uint8Array, BootstrapConfigError> {
  const issued = config.security.findIndex(({ issue }) => issue !== undefined);
  if (issued >= 0) return failure({ where: `security[${issued}].issue`, message: 'a card holds the keys themselves' });
  const plan = planBootstrap(config, model);
  if (!plan.ok) return plan;
  const objects = new Map<number, Map<number, ObjectInstanceNode>>();
  for (const { path, node } of plan.value.writes) {
    if (node.kind !== 'object-instance') {
      return failure({
        where: 'writes',
        message: `${formatPath(path)} is no object instance: a card holds whole ones`,
      });
    }
    const instances = objects.get(path.objectId!) ?? new Map<number, ObjectInstanceNode>();
    if (instances.has(node.id)) return failure({ where: 'writes', message: `${formatPath(path)} is there twice` });
    objects.set(path.objectId!, instances.set(node.id, node));
  }
  const file = encodeBootstrapFile([...objects].map(([id, instances]) => objectOf(id, instances)));
  return file.ok ? success(file.value) : failure({ where: 'writes', message: file.error.message });
}

/** Appendix G.3.3: no version is that of the enabler. */
function objectOf(id: number, instances: ReadonlyMap<number, ObjectInstanceNode>): BootstrapFileObject {
  return { version: undefined, node: { kind: 'object', id, instances } };
}
