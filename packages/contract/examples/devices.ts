/** Lists the devices of a platform and what each calls itself. `PASSWORD=… node devices.ts [url]` */
import { ApiClient, ApiProblemError, routes } from '@yaolian/contract';

export async function listDevices(baseUrl: string, password: string, print: (line: string) => void): Promise<void> {
  const { token } = await new ApiClient({ baseUrl }).call(routes.login, { body: { password } });
  const client = new ApiClient({ baseUrl, token, retries: 3 });
  let cursor: string | undefined;
  do {
    const page = await client.call(routes.listDevices, { query: cursor === undefined ? {} : { cursor } });
    for (const { key, state } of page.items) {
      print(`${key} is ${state}`);
      try {
        const { node } = await client.call(routes.readResource, { params: { device: key, path: '3/0/0' } });
        print(`  ${JSON.stringify(node)}`);
      } catch (error) {
        // Decide by the code of a problem; its title and detail are for people.
        if (!(error instanceof ApiProblemError)) throw error;
        print(`  ${error.problem.code}: ${error.problem.detail}`);
      }
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

if (import.meta.main) {
  await listDevices(process.argv[2] ?? 'http://127.0.0.1:8080', process.env['PASSWORD'] ?? '', console.log);
}
