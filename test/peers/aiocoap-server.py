"""A CoAP server on TCP with /time, /store and /count: aiocoap-server.py PORT"""

import asyncio
import sys

import aiocoap
from aiocoap import resource


class Store(resource.Resource):
    content = b""

    async def render_get(self, request):
        return aiocoap.Message(payload=self.content)

    async def render_put(self, request):
        Store.content = request.payload
        return aiocoap.Message(code=aiocoap.CHANGED)


class Time(resource.Resource):
    async def render_get(self, request):
        return aiocoap.Message(payload=b"noon")


class Count(resource.ObservableResource):
    count = 0

    async def render_get(self, request):
        return aiocoap.Message(payload=f"count {self.count}".encode())

    async def render_post(self, request):
        self.count += 1
        self.updated_state()
        return aiocoap.Message(code=aiocoap.CHANGED)


async def main():
    site = resource.Site()
    site.add_resource(["time"], Time())
    site.add_resource(["store"], Store())
    site.add_resource(["count"], Count())
    await aiocoap.Context.create_server_context(
        site, bind=("127.0.0.1", int(sys.argv[1])), transports=["tcpserver"]
    )
    print("ready", flush=True)
    await asyncio.get_running_loop().create_future()


asyncio.run(main())
