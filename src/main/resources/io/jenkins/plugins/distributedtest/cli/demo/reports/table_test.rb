require 'minitest/autorun'
require 'time'

class TableTest < Minitest::Test
  def test_sorts_by_amount
    rows = [['pen', 3], ['ink', 10], ['pad', 1]]
    assert_equal %w[ink pen pad], rows.sort_by { |_, amount| -amount }.map(&:first)
  end
end
