"""`reproduce()`: run lectures and solutions over seeds, and hold what they state against its band."""

import os
from collections.abc import Iterable, Sequence

from foursteps.claims.band import FEWEST_SEEDS
from foursteps.course import Course, Topic
from foursteps.errors import ClaimError, RunError
from foursteps.reproduce.compare import NOTEBOOKS, Comparing
from foursteps.reproduce.crew import Crew, OnEvent
from foursteps.reproduce.finding import Finding
from foursteps.reproduce.measure import Measuring
from foursteps.reproduce.task import LECTURE, Place, Task
from foursteps.run.cache import Entry, RunCache
from foursteps.run.cluster import Cluster, ClusterRunner
from foursteps.run.cold import ColdRunner, GpuRunner
from foursteps.run.device import DeviceClass, cards, resolve_device, side_by_side
from foursteps.run.result import DEFAULT_LIMITS, Limits, Runner


def reproduce(
    course: Course,
    topics: Iterable[Topic] | None = None,
    *,
    seeds: Sequence[int] = (42,),
    device: str = "auto",
    require_gpu: bool = False,
    measure: bool = False,
    force: bool = False,
    notebooks: Sequence[str] = NOTEBOOKS,
    runner: Runner | None = None,
    cache: RunCache | None = None,
    workers: int = 1,
    cluster: Cluster | None = None,
    limits: Limits = DEFAULT_LIMITS,
    on_event: OnEvent | None = None,
) -> tuple[Finding, ...]:
    """Whether the topics' results reproduce: one finding for each claim, in the order of the course.

    Parameters
    ----------
    topics : all of the course when not given.
    seeds : one run of each notebook for each of them, or what is kept of it.
    device : "auto", "cpu" or "cuda"; bands belong to a class of device.
    require_gpu : "auto" without a GPU is an error, as "cuda" always is.
    measure : write claims.json from these seeds instead of comparing with it.
    force : run also what is kept in the cache.
    notebooks : which of "lecture", "reproduce" and "apply_elsewhere".
    workers : how many kernels run at the same time; on GPUs at most one a card, which it has to itself.
    cluster : whose workers make the runs, instead of this machine; `workers` is not asked then.
    on_event : told of each step, from the threads that take it.

    Raises ClaimError for too few seeds, RunError for a device that is not here, ParameterError for `damaged`
    parameters that a lecture does not declare, and what the course's files raise. Ctrl-C ends all kernels;
    what was finished is kept.
    """
    seeds = tuple(sorted(set(seeds)) if measure else dict.fromkeys(seeds))
    fewest = FEWEST_SEEDS if measure else 1
    if len(seeds) < fewest:
        raise ClaimError(
            "reproduce --measure" if measure else "reproduce",
            expected=f"at least {fewest} seeds",
            found=str(len(seeds)),
            mend="Ask for more with --seeds; ten make a good band, twenty where a run is short.",
        )
    resolved = resolve_device(device, require_gpu=require_gpu, there=cluster.gpus() if cluster else None)
    here: tuple[str, ...] = cards() if resolved == "cuda" and cluster is None else ()
    if cluster is not None:
        runner = ClusterRunner(cluster, resolved)
        workers, threads = runner.workers, runner.threads
    else:
        workers = side_by_side(resolved, workers, len(here))
        threads = threads_for(workers)
    place = Place(
        runner=runner or runner_for(resolved),
        cache=cache or RunCache(),
        device=resolved,
        threads=threads,
        force=force,
        limits=limits,
        cards=here[:workers],
    )
    chosen = tuple(topics) if topics is not None else course.topics
    with Crew(place, workers, on_event) as crew:
        flow = Measuring if measure else Comparing
        return flow(place, crew, seeds, tuple(notebooks)).findings(chosen)


def own_seed(topic: Topic) -> int:
    """The seed that a lecture declares: that of the run which the book prints."""
    from foursteps import notebook as notebook_files

    return notebook_files.parameters(notebook_files.read(topic.lecture)).get("seed", 42)


def shard(topics: Sequence[Topic], said: str) -> tuple[Topic, ...]:
    """The part of `topics` that `said` names, such as 2/4: all parts together are all topics, each once.

    Raises RunError for anything that is no part.
    """
    part, _, parts = said.partition("/")
    if part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts):
        return tuple(topics[int(part) - 1 :: int(parts)])
    raise RunError(
        "--shard", expected="a part such as 1/4", found=said, mend="Count the parts from 1, as in 1/4 to 4/4."
    )


def threads_for(workers: int) -> int:
    """The threads of each kernel: a share of the cores, or fewer where $OMP_NUM_THREADS asks for fewer."""
    share = max(1, (os.cpu_count() or 1) // workers)
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(share, int(asked)) if asked.isdigit() and int(asked) else share


def runner_for(device: DeviceClass) -> Runner:
    """What runs notebooks: a fresh kernel each; on a GPU not before torch is known to see it."""
    return GpuRunner() if device == "cuda" else ColdRunner()


def run_seeds(count: int, *, measure: bool = False) -> range:
    """`count` seeds: to measure from 1 on, to compare from 42 on, so that a comparison is of fresh runs."""
    first = 1 if measure else 42
    return range(first, first + count)


def executed_lecture(
    topic: Topic,
    *,
    device: str = "auto",
    runner: Runner | None = None,
    cache: RunCache | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Entry:
    """The lecture run with its own parameters, as it was kept or run now: what the book prints.

    Raises RunError when it does not run to its end.
    """
    resolved = resolve_device(device)
    place = Place(
        runner or runner_for(resolved),
        cache or RunCache(),
        resolved,
        threads=threads_for(1),
        limits=limits,
        cards=cards()[:1] if resolved == "cuda" else (),
    )
    entry = place.run_lecture(Task(topic, LECTURE, own_seed(topic)))
    entry.result.require_ok(topic.lecture)
    return entry
