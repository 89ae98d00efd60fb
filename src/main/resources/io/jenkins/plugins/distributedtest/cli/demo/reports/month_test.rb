require 'minitest/autorun'
require 'time'

class MonthTest < Minitest::Test
  def test_days
    assert_equal 29, Date.new(2024, 2, -1).day
  end

  def test_weeks
    assert_equal 53, Date.new(2020, 12, 31).cweek
  end
end
