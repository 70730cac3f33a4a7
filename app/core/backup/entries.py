"""The entry that makes a system's own scheduler look for due backups every hour.

The command looks by itself at what is due, so the entry need not know the interval,
and what was missed while the machine was off is made at the next hour.

Formats: crontab(5); launchd.plist(5); Task Scheduler schema,
http://schemas.microsoft.com/windows/2004/02/mit/task
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from html import escape
from typing import Literal

Scheduler = Literal["cron", "launchd", "task-scheduler"]


def scheduler_of(platform: str) -> Scheduler:
    """Answer the scheduler of a system, by Python's name for it (``sys.platform``)."""
    if platform == "win32":
        return "task-scheduler"
    return "launchd" if platform == "darwin" else "cron"


def label(library: str) -> str:
    """Name the entry of one library, so that two libraries have two entries."""
    word = hashlib.sha256(library.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"data-dumpster-diver.backup.{word}"


def entry(scheduler: Scheduler, command: Sequence[str], name: str) -> str:
    """Write the entry called ``name`` that runs ``command`` every hour."""
    writers = {"cron": cron_line, "launchd": launchd_plist, "task-scheduler": task_xml}
    return writers[scheduler](command, name)


def cron_line(command: Sequence[str], name: str) -> str:
    """Write one line of a crontab; ``%`` means a new line there unless it is escaped."""
    words = shlex.join(command).replace("%", "\\%")
    return f"17 * * * * {words} # {name}\n"


def with_cron_line(table: str, name: str, line: str) -> str:
    """Put a line into a crontab in the place of the one of this name; empty takes it out."""
    kept = [each for each in table.splitlines() if not each.endswith(f"# {name}")]
    return "".join(f"{each}\n" for each in [*kept, *line.splitlines()])


def launchd_plist(command: Sequence[str], name: str) -> str:
    """Write the property list of a launch agent."""
    words = "\n".join(f"    <string>{_xml(each)}</string>" for each in command)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{_xml(name)}</string>
  <key>ProgramArguments</key>
  <array>
{words}
  </array>
  <key>StartInterval</key>
  <integer>3600</integer>
  <key>RunAtLoad</key>
  <true/>
</dict>
</plist>
"""


def task_xml(command: Sequence[str], name: str) -> str:
    """Write a task: every hour from its making on, and at once where an hour was missed."""
    program, *arguments = command
    words = " ".join(_windows_word(each) for each in arguments)
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{_xml(name)}</Description></RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition><Interval>PT1H</Interval></Repetition>
      <StartBoundary>2026-01-01T00:17:00</StartBoundary>
    </TimeTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{_xml(program)}</Command>
      <Arguments>{_xml(words)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def _windows_word(text: str) -> str:
    """Quote one argument as Windows programs split their command line."""
    if text and not any(letter in text for letter in ' \t"'):
        return text
    quoted, backslashes = "", 0
    for letter in text:
        if letter == "\\":
            backslashes += 1
            continue
        quoted += "\\" * (2 * backslashes + 1 if letter == '"' else backslashes) + letter
        backslashes = 0
    return '"' + quoted + "\\" * 2 * backslashes + '"'


def _xml(text: str) -> str:
    return escape(text)
