require 'minitest/autorun'
require 'time'

class DailyTest < Minitest::Test
  def test_is_written
    sleep 0.09
    assert_equal Time.parse('2024-03-01 00:00:00 UTC'), Time.parse('2024-02-29 00:00:00 UTC') + 86_400
  end
end
