# A worker in Python (pip install bullmq): the queues are plain BullMQ, so any of its languages will do.
import asyncio
import os
import signal

from bullmq import Worker


async def handle(job, token):
    event = job.data
    print(f"{event['type']} {event['subject']}", flush=True)


async def main():
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    options = {
        "connection": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"),
        "prefix": os.environ.get("QUEUE_PREFIX", "paycools"),
        "maxStalledCount": 7,  # a worker that dies uses up one of the eight attempts
    }
    worker = Worker("{payout}", handle, options)
    print("waits for events", flush=True)
    await stop.wait()
    await worker.close()


asyncio.run(main())
