/** Names of one language in the place of the object model's own, which are English. */
export interface ModelNames {
  readonly objectNames: Readonly<Record<number, string>>;
  readonly resourceNames: Readonly<Record<string, string>>;
}

/** What objects and resources are called in the language chosen now. */
export interface NamesOfModel {
  /** @param name the object model's own */
  object(id: number, name: string | undefined): string | undefined;
  /** @param path of a resource or an instance of one: `/3303/0/5700`, `/3/0/6/1`, also behind a gateway: `/d01/3303/0/5700` */
  resource(path: string, name: string | undefined): string | undefined;
  /** @param path of anything, with its names where they are known: `温度 传感器数值（/3303/0/5700）` */
  path(path: string): string;
}

/** A name by what OMA's registry calls the same resource. Undefined while it is not known. */
export type NameByName = (name: string) => string | undefined;

export const ownNames: NamesOfModel = {
  object: (_id, name) => name,
  resource: (_path, name) => name,
  path: (path) => path,
};

/**
 * Names by a table, those of `byName` for resources that the table does not have, and the object model's own for what neither
 * has.
 */
export function namesFrom({ objectNames, resourceNames }: ModelNames, byName?: NameByName): NamesOfModel {
  const resource = (path: string, name: string | undefined) => {
    const [, object, id] = /(?:^|\/)(\d+)\/\d+\/(\d+)(?:\/\d+)?$/.exec(path) ?? [];
    const known = resourceNames[`${object}/${id}`] ?? resourceNames[id ?? ''];
    return known ?? (name && byName?.(name)) ?? name;
  };
  return {
    object: (id, name) => objectNames[id] ?? name,
    resource,
    path: (path) => {
      // The prefix of a device behind a gateway is no number.
      const [, object] = /^(?:\/\D[^/]*)?\/(\d+)(?:\/\d+){0,3}$/.exec(path) ?? [];
      const names = [objectNames[Number(object)], resource(path, undefined)].filter((name) => name !== undefined);
      return object === undefined || names.length === 0 ? path : `${names.join(' ')}（${path}）`;
    },
  };
}
