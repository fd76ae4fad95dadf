-- As confirm.lua, with a pause before each request: a steady load that does not use up the server.

require "confirm"

function delay()
  return math.random(20, 60)
end
