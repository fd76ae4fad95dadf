-- GET requests, round and round. Arguments: a file of lines «path actor», the API key.

require "tell"

function init(args)
  requests, sent, exhausted = {}, 0, false
  for text in io.lines(args[1]) do
    local path, actor = text:match("(%S+) (%S+)")
    requests[#requests + 1] = wrk.format("GET", path, {
      ["Authorization"] = "Bearer " .. args[2],
      ["Fairhold-Actor"] = actor,
    })
  end
  prepared = os.clock()
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
