-- Whole lives of orders: place, pay, ship, report delivery, confirm. Whichever connection is free takes the next step of
-- whichever order waits for one. Arguments: the API key, the moment that checkpoints say, a word to make keys of.

require "tell"

local key, moment, word
local waiting, first, last = {}, 1, 0
local steps = {}

function init(args)
  key, moment, word = args[1], args[2], args[3]
  sent, placed, completed, exhausted, probed = 0, 0, 0, false, false
  prepared = os.clock()
end

local function post(path, actor, name, body)
  return wrk.format("POST", path, {
    ["Authorization"] = "Bearer " .. key,
    ["Fairhold-Actor"] = actor,
    ["Idempotency-Key"] = name,
    ["Content-Type"] = "application/json",
  }, body)
end

local function place()
  placed = placed + 1
  local who = placed % 5000
  return post("/v1/orders", "buyer:buyer-" .. who, word .. "-" .. placed, '{"buyer": "buyer-' .. who
    .. '", "seller": "seller-7", "currency": "RUB", "shipping": 30000, "lines": ['
    .. '{"sku": "lamp-600", "title": "Headlamp “Polus 600”", "quantity": 1, "unit_price": 240000}, '
    .. '{"sku": "mug-450", "title": "Thermo mug, 450 ml", "quantity": 2, "unit_price": 130000}]}')
end

local function step(order)
  local done, tag = steps[order], order:sub(12, 17)
  local url, name = "/v1/orders/" .. order, word .. "-" .. done.step
  if done.step == 1 then
    return post(url .. "/payment", "buyer:" .. done.buyer, name, '{"method": "sandbox:ok"}')
  elseif done.step == 2 then
    return post(url .. "/shipments", "seller:seller-7", name, '{"carrier": "Post", "tracking_number": "80083794021845"}')
  elseif done.step == 3 then
    return post(url .. "/shipments/" .. tag .. "-s1/checkpoints", "operator:ops", name,
      '{"status": "delivered", "at": "' .. moment .. '"}')
  end
  return post(url .. "/receipt", "buyer:" .. done.buyer, name,
    '{"lines": ["' .. tag .. '-1", "' .. tag .. '-2"], "acknowledged": true}')
end

function request()
  if not probed then
    probed = true
    return place()
  end
  sent = sent + 1
  if first > last then
    return place()
  end
  local order = waiting[first]
  waiting[first] = nil
  first = first + 1
  return step(order)
end

function response(status, _, body)
  if status ~= 200 and status ~= 201 then
    return
  end
  local order = body:match('^{"id":"(%w+)"')
  local known = steps[order]
  if not known then
    steps[order] = {step = 1, buyer = body:match('"buyer":"([^"]+)"')}
  elseif known.step == 4 then
    steps[order] = nil
    completed = completed + 1
    return
  else
    known.step = known.step + 1
  end
  last = last + 1
  waiting[last] = order
end
