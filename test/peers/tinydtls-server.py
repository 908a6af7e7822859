"""A CoAP server over DTLS by tinydtls with /hello. tinydtls-server.py PORT CREDENTIALS"""
import asyncio
import json
import sys

import aiocoap
import aiocoap.resource
from aiocoap.credentials import CredentialsMap


class Hello(aiocoap.resource.Resource):
    async def render_get(self, request):
        return aiocoap.Message(payload=b"hello")


async def main():
    site = aiocoap.resource.Site()
    site.add_resource(["hello"], Hello())
    credentials = CredentialsMap()
    with open(sys.argv[2]) as file:
        credentials.load_from_dict(json.load(file))
    await aiocoap.Context.create_server_context(
        site,
        bind=("127.0.0.1", int(sys.argv[1]) - 1),  # DTLS is on the port behind
        server_credentials=credentials,
        transports=["tinydtls_server"],
    )
    print("READY", flush=True)
    await asyncio.get_running_loop().create_future()


asyncio.run(main())
