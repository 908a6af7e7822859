"""aiocoap with OSCORE.

server PORT CONTEXTS: /time, /store and /count, open only to those who hold the context :peer.
client URI CONTEXTS: reads commands on standard input: get PATH, put PATH TEXT, observe PATH.
CONTEXTS is a folder with the settings of a security context, as aiocoap keeps them.
"""

import asyncio
import sys

import aiocoap
from aiocoap import oscore_sitewrapper, resource
from aiocoap.credentials import CredentialsMap


def holds_context(request):
    return ":peer" in request.remote.authenticated_claims


class Guarded(resource.Resource):
    def check(self, request):
        if not holds_context(request):
            raise aiocoap.error.Unauthorized()


class Store(Guarded):
    content = b""

    async def render_get(self, request):
        self.check(request)
        return aiocoap.Message(payload=self.content)

    async def render_put(self, request):
        self.check(request)
        Store.content = request.payload
        return aiocoap.Message(code=aiocoap.CHANGED)


class Time(Guarded):
    async def render_get(self, request):
        self.check(request)
        return aiocoap.Message(payload=b"noon")


class Count(resource.ObservableResource):
    count = 0

    async def render_get(self, request):
        return aiocoap.Message(payload=f"count {self.count}".encode())

    async def render_post(self, request):
        self.count += 1
        self.updated_state()
        return aiocoap.Message(code=aiocoap.CHANGED)


async def serve(port, contexts):
    site = resource.Site()
    site.add_resource(["time"], Time())
    site.add_resource(["store"], Store())
    site.add_resource(["count"], Count())
    credentials = CredentialsMap()
    credentials.load_from_dict({":peer": {"oscore": {"basedir": contexts}}})
    wrapped = oscore_sitewrapper.OscoreSiteWrapper(site, credentials)
    transports = ["simple6" if port == 0 else "udp6"]
    await aiocoap.Context.create_server_context(
        wrapped, bind=("127.0.0.1", port), transports=transports, server_credentials=credentials
    )
    print("READY", flush=True)
    await asyncio.get_running_loop().create_future()


async def observe(context, uri):
    request = context.request(aiocoap.Message(code=aiocoap.GET, uri=uri, observe=0))
    print("SEEN", (await request.response).payload.decode(), flush=True)
    async for notification in request.observation:
        print("SEEN", notification.payload.decode(), flush=True)


async def ask(uri, contexts):
    context = await aiocoap.Context.create_client_context()
    context.client_credentials.load_from_dict({f"{uri}/*": {"oscore": {"basedir": contexts}}})
    print("READY", flush=True)
    running = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        command, path, *rest = line.split()
        if command == "observe":
            running.append(asyncio.create_task(observe(context, uri + path)))
            continue
        code = aiocoap.PUT if command == "put" else aiocoap.GET
        payload = " ".join(rest).encode()
        try:
            answer = await context.request(aiocoap.Message(code=code, uri=uri + path, payload=payload)).response
            print("ANSWER", answer.code.dotted, answer.payload.decode(), flush=True)
        except Exception as error:
            print("FAILED", repr(error), flush=True)
    await context.shutdown()


def main():
    role, where, contexts = sys.argv[1:]
    asyncio.run(serve(int(where), contexts) if role == "server" else ask(where, contexts))


main()
