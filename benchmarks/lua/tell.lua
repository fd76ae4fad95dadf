-- What the scripts here share: how many requests the one thread of wrk has sent, and the figures at the end as JSON.

local seen

function setup(thread)
  seen = thread
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\nJSON {"requests": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d, "worst": %d, '
      .. '"sent": %d, "completed": %d, "exhausted": %s, "client_seconds": %f}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max, seen:get("sent"), seen:get("completed") or 0,
    tostring(seen:get("exhausted")), os.clock() - seen:get("prepared")
  ))
end
