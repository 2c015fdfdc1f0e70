# Drives a BullMQ client in Python: reads one JSON command per line, executes it, and answers with one line.
import asyncio
import json
import sys

from bullmq import Job, Queue, Worker
from bullmq.custom_errors import UnrecoverableError

URL, PREFIX, NAME = sys.argv[1:4]
OPTIONS = {"connection": URL, "prefix": PREFIX}


async def take(queue, command):
    taken = []
    settled = 0
    done = asyncio.Event()

    async def handle(job, token):
        taken.append(job.data["id"])
        if command["how"] == "fail":
            raise UnrecoverableError("no use")
        if command["how"] == "later":
            raise Exception("not now")

    def settle(*_):
        nonlocal settled
        settled += 1
        if settled >= command["count"]:
            done.set()

    limits = {"limiter": command["limiter"]} if "limiter" in command else {}
    worker = Worker(NAME, handle, {**OPTIONS, **limits})
    for name in ("completed", "failed"):
        worker.on(name, settle)
    await asyncio.wait_for(done.wait(), 15)
    await worker.close()
    return taken


async def retry(queue, command):
    job = await Job.fromId(queue, command["id"])
    await job.retry()


COMMANDS = {
    "pause": lambda queue, _: queue.pause(),
    "resume": lambda queue, _: queue.resume(),
    "drain": lambda queue, _: queue.drain(),
    "obliterate": lambda queue, _: queue.obliterate(True),
    "promote": lambda queue, _: queue.promoteJobs({}),
    "retryAll": lambda queue, _: queue.retryJobs({}),
    "retry": retry,
    "take": take,
}


async def main():
    queue = Queue(NAME, OPTIONS)
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        try:
            given = await COMMANDS[command["do"]](queue, command)
            answer = {"answer": given if command["do"] == "take" else None}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
    await queue.close()


asyncio.run(main())
