# A postal address.
Address = Struct.new(:name, :street, :zip, :city) do
  def valid?
    [name, street, city].none? { |part| part.to_s.strip.empty? } && zip.to_s.match?(/\A\d{5}\z/)
  end

  def label
    [name, street, "#{zip} #{city}"].join("\n")
  end
end
