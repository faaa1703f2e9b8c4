"""One thread with one database connection. All of Django's asynchronous ORM shares a thread with every view;
the exchange has its own, so that a slow view delays no delivery."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"exchange-{name}")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`work` must bear being done twice: a lost connection is opened again, once."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: _twice(work, *args, **kwargs))

    async def stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, lambda: connection.close())
        self._pool.shutdown(wait=True)


def _twice(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError):
        connection.close()
        return work(*args, **kwargs)
