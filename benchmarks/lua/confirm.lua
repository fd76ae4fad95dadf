-- Confirmations of receipt, each of an order of its own under a key of its own. Every request is built before the first is
-- sent. Arguments: a file of lines «order line buyer», the API key, how many commands a request of /commands has (0: each
-- order has a request of its own).

require "tell"

local function single(key, order, line, buyer)
  return wrk.format("POST", "/v1/orders/" .. order .. "/receipt", {
    ["Authorization"] = "Bearer " .. key,
    ["Fairhold-Actor"] = "buyer:" .. buyer,
    ["Idempotency-Key"] = "bench-" .. order,
    ["Content-Type"] = "application/json",
  }, '{"lines": ["' .. line .. '"], "acknowledged": true}')
end

local function entry(order, line, buyer)
  return '{"path": "/orders/' .. order .. '/receipt", "body": {"lines": ["' .. line
    .. '"], "acknowledged": true}, "key": "bench-' .. order .. '", "actor": "buyer:' .. buyer .. '"}'
end

local function many(key, entries)
  return wrk.format("POST", "/v1/commands", {
    ["Authorization"] = "Bearer " .. key,
    ["Fairhold-Actor"] = "operator:ops",
    ["Content-Type"] = "application/json",
  }, '{"commands": [' .. table.concat(entries, ",") .. "]}")
end

function init(args)
  requests, sent, probed, exhausted = {}, 0, false, false
  local size, entries = tonumber(args[3]), {}
  for text in io.lines(args[1]) do
    local order, line, buyer = text:match("(%S+) (%S+) (%S+)")
    if size == 0 then
      requests[#requests + 1] = single(args[2], order, line, buyer)
    else
      entries[#entries + 1] = entry(order, line, buyer)
      if #entries == size then
        requests[#requests + 1] = many(args[2], entries)
        entries = {}
      end
    end
  end
  prepared = os.clock()
end

function request()
  if not probed then
    -- wrk asks once, to see whether the script works, and sends nothing.
    probed = true
    return requests[1]
  end
  if sent == #requests then
    exhausted = true
    wrk.thread:stop()
    return requests[sent]
  end
  sent = sent + 1
  return requests[sent]
end
