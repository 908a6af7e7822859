import { applyAttributes, type NotificationAttributes } from '../attributes.ts';
import { formatPath, type Lwm2mPath, PathLevel, pathLevel, truncatePath } from '../path.ts';

const none: NotificationAttributes = Object.freeze({});

/** The attributes that one server put on a terminal's objects, instances, resources and resource instances. */
export class AttributeTable {
  #attributes: Map<string, NotificationAttributes> | undefined;

  /** What was put on exactly this path. */
  own(path: Lwm2mPath): NotificationAttributes {
    return this.#attributes?.get(formatPath(path)) ?? none;
  }

  /**
   * What holds for this path: OMA-TS-LightweightM2M_Core 1.1 §5.1.1, attributes of an outer level hold on the inner ones unless
   * those have their own.
   */
  effective(path: Lwm2mPath): NotificationAttributes {
    if (!this.#attributes) return none;
    let effective = none;
    for (let level: PathLevel = PathLevel.Object; level <= pathLevel(path); level++) {
      const own = this.own(truncatePath(path, level as PathLevel));
      if (own !== none) effective = effective === none ? own : applyAttributes(effective, own);
    }
    return effective;
  }

  set(path: Lwm2mPath, attributes: NotificationAttributes): void {
    const key = formatPath(path);
    if (Object.keys(attributes).length === 0) this.#attributes?.delete(key);
    else this.#attributes = (this.#attributes ?? new Map()).set(key, attributes);
  }

  /** An instance is gone, and what was put on it and below it with it. */
  forgetInstance(path: Lwm2mPath): void {
    const prefix = formatPath(path);
    for (const key of [...(this.#attributes?.keys() ?? [])]) {
      if (key === prefix || key.startsWith(`${prefix}/`)) this.#attributes!.delete(key);
    }
  }

  clear(): void {
    this.#attributes = undefined;
  }
}
