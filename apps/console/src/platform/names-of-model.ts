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
}

export const ownNames: NamesOfModel = { object: (_id, name) => name, resource: (_path, name) => name };

/** Names by a table, and the object model's own for what the table does not have. */
export function namesFrom({ objectNames, resourceNames }: ModelNames): NamesOfModel {
  return {
    object: (id, name) => objectNames[id] ?? name,
    resource: (path, name) => {
      const [, object, resource] = /(?:^|\/)(\d+)\/\d+\/(\d+)(?:\/\d+)?$/.exec(path) ?? [];
      return resourceNames[`${object}/${resource}`] ?? resourceNames[resource ?? ''] ?? name;
    },
  };
}
