import { Code } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import { formatPath, type Lwm2mPath } from '../../path.ts';
import { decodeExecuteArguments } from '../execute-arguments.ts';
import type { ObjectTree } from '../object-tree.ts';
import { type Refusal, refused } from '../refusal.ts';
import { andThen, type Outcome } from './outcome.ts';
import { findInstance, findResource, notAllowed, notFound } from './target.ts';

/** Runs an executable resource with the arguments in `payload` (OMA-TS-LightweightM2M_Core 1.1 §6.3.5). */
export function execute(tree: ObjectTree, path: Lwm2mPath, payload: Uint8Array): Outcome<undefined> {
  const instance = findInstance(tree, path);
  if (!instance.ok) return instance;
  const resource = findResource(instance.value, path);
  if (!resource.ok) return resource;
  if (!resource.value.executable) return notAllowed(`${formatPath(path)} cannot be executed`);
  const { layout, hooks } = instance.value;
  const hook = hooks.onExecute?.[layout.names[layout.indexOf(resource.value.id)]!];
  if (!hook) return notFound(path);
  const args = decodeExecuteArguments(payload);
  if (!args.ok) return refused(Code.BadRequest, args.error);
  const answer = hook(args.value, instance.value as never);
  return andThen(answer, (refusal): Result<undefined, Refusal> => {
    return refusal ? { ok: false, error: refusal } : success(undefined);
  });
}
