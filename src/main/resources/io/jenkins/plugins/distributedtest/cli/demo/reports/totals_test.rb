require 'minitest/autorun'
require 'time'

class TotalsTest < Minitest::Test
  def test_groups
    totals = [['a', 1], ['b', 2], ['a', 3]].group_by(&:first).transform_values { |rows| rows.sum(&:last) }
    assert_equal({ 'a' => 4, 'b' => 2 }, totals)
  end
end
